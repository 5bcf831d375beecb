/**
 * Modbus: address syntax, read planning, connections, decoding into samples.
 *
 * <ul>
 *   <li>What the gateway and its commands see: {@link ModbusAdapterFactory}, {@link ModbusAdapter}
 *   <li>From what users write to a plan: {@link ModbusSettings}, {@link DeviceChecker}, {@link TagChecker},
 *       {@link PlaceChecker}, {@link SunSpecChecker}, {@link TagKeys}, {@link ModbusPlan}, {@link Endpoint},
 *       {@link Place}, {@link Reference}, {@link PduAddress}, {@link Table}, {@link AddressRange}
 *   <li>Which requests are made, and when: {@link ReadPlanner}, {@link BlockReader}, {@link PollClass},
 *       {@link Phases}, {@link PolledDevice}, {@link Bus}, {@link Errand}, {@link Errands}
 *   <li>Reading and writing on request: {@link UnitAccess}, {@link Write}, {@link FileWrite}, {@link MaskWrite}
 *   <li>Registers and values: {@link DataType}, {@link RegisterOrder}, {@link RegisterDecoder},
 *       {@link RegisterEncoder}, {@link Encoded}, {@link DoesNotFit}, {@link TextFormat},
 *       {@link DateTimeLayout}, {@link Flags}, {@link Sentinels}
 *   <li>SunSpec: {@link SunSpec}, {@link SunSpecChain}, {@link SunSpecName}, {@link SunSpecPlaces},
 *       {@link ScaleFactors}
 *   <li>Requests and connections: {@link Request}, {@link Wire}, {@link ModbusConnection},
 *       {@link TcpConnection}, {@link UdpConnection}, {@link SerialConnection}, {@link SettlingConnection},
 *       {@link PduRequest}, {@link Framing}, {@link MbapFraming}, {@link RtuFraming}, {@link Dialer},
 *       {@link Tls}, {@link SerialFormat}, {@link Rs485}
 *   <li>What goes wrong on the way: {@link ConnectFailed}, {@link ConnectionLost}, {@link GatewayRefused},
 *       {@link NoReply}
 *   <li>Finding devices: {@link ModbusScan}, {@link Identification}, {@link ProfileDraft}
 * </ul>
 */
@NullMarked
package io.sluice.adapter.modbus;

import org.jspecify.annotations.NullMarked;
