/** Turns YAML into typed records, or into the complete list of problems; holds the library of ready profiles. */
@NullMarked
package io.sluice.profiles;

import org.jspecify.annotations.NullMarked;
