/**
 * The wire contract: values, quality, timestamps, stream identity, codecs and the verifier.
 *
 * <ul>
 *   <li>What a reading is: {@link Value}, {@link ValueType}, {@link Status}, {@link TagDescriptor},
 *       {@link PtpTimestamp}, {@link ClockState}, {@link Epoch}
 *   <li>Messages: {@link Message}, {@link MalformedMessage}, {@link ProtobufCodec}, {@link JsonCodec}
 *   <li>Building batches: {@link BatchBuilder}, {@link Columns}, {@link Column}, {@link StatusRuns}
 *   <li>Protobuf: {@link ProtobufReader}, {@link ProtobufWriter}, {@link BatchReader}, {@link EnumNumbers},
 *       {@link Clocks}, {@link Trees}, {@link Runs}
 *   <li>JSON: {@link JsonReader}, {@link JsonWriter}, {@link JsonReadings}, {@link JsonValues},
 *       {@link JsonObject}, {@link JsonKind}, {@link JsonText}
 *   <li>What a receiver concludes: {@link Verifier}, {@link StreamVerdict}, {@link StreamRecord},
 *       {@link LossLedger}, {@link NumberSet}, {@link TagTables}
 * </ul>
 */
@NullMarked
package io.sluice.telemetry;

import org.jspecify.annotations.NullMarked;
