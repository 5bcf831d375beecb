/**
 * Turns YAML into typed records, or into the complete list of problems; holds the library of ready profiles.
 *
 * <ul>
 *   <li>What a file becomes: {@link DeviceDefinition}, {@link TagDefinition}, {@link DeviceLoader},
 *       {@link ProfileLoader}, {@link ProfileLibrary}, {@link Connections}, {@link TagReader}, {@link Written},
 *       {@link Id}
 *   <li>Settings as data: {@link ProtocolSchema}, {@link CommonKeys}, {@link Setting}, {@link Settings},
 *       {@link SettingType}, {@link ScalarType}, {@link Choice}, {@link ListType}, {@link MapTypes},
 *       {@link PathType}, {@link TagTypes}, {@link Numbers}, {@link Quantities}, {@link Substitution}
 *   <li>YAML with marks: {@link YamlReader}, {@link YamlMistakes}, {@link Node}, {@link Mark}
 *   <li>What is wrong with it: {@link Problems}, {@link Nearest}
 * </ul>
 */
@NullMarked
package io.sluice.profiles;

import org.jspecify.annotations.NullMarked;
