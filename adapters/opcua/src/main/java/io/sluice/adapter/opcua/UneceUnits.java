package io.sluice.adapter.opcua;

import java.util.Map;

/** UCUM for the UNECE codes that EngineeringUnits carries (Part 8 §5.6.3): the common ones of industry. */
final class UneceUnits {

    static final String NAMESPACE = "http://www.opcfoundation.org/UA/units/un/cefact";

    private static final Map<String, String> UCUM = Map.ofEntries(
            Map.entry("P1", "%"),
            Map.entry("MTR", "m"),
            Map.entry("MMT", "mm"),
            Map.entry("CMT", "cm"),
            Map.entry("4H", "um"),
            Map.entry("KMT", "km"),
            Map.entry("MTK", "m2"),
            Map.entry("MTQ", "m3"),
            Map.entry("LTR", "L"),
            Map.entry("MLT", "mL"),
            Map.entry("KGM", "kg"),
            Map.entry("GRM", "g"),
            Map.entry("TNE", "t"),
            Map.entry("SEC", "s"),
            Map.entry("C26", "ms"),
            Map.entry("B98", "us"),
            Map.entry("MIN", "min"),
            Map.entry("HUR", "h"),
            Map.entry("DAY", "d"),
            Map.entry("HTZ", "Hz"),
            Map.entry("KHZ", "kHz"),
            Map.entry("MHZ", "MHz"),
            Map.entry("RPM", "{rev}/min"),
            Map.entry("KEL", "K"),
            Map.entry("CEL", "Cel"),
            Map.entry("FAH", "[degF]"),
            Map.entry("PAL", "Pa"),
            Map.entry("A97", "hPa"),
            Map.entry("KPA", "kPa"),
            Map.entry("MPA", "MPa"),
            Map.entry("BAR", "bar"),
            Map.entry("MBR", "mbar"),
            Map.entry("PS", "[psi]"),
            Map.entry("NEW", "N"),
            Map.entry("B47", "kN"),
            Map.entry("B73", "MN"),
            Map.entry("NU", "N.m"),
            Map.entry("B48", "kN.m"),
            Map.entry("JOU", "J"),
            Map.entry("KJO", "kJ"),
            Map.entry("WHR", "W.h"),
            Map.entry("KWH", "kW.h"),
            Map.entry("MWH", "MW.h"),
            Map.entry("WTT", "W"),
            Map.entry("KWT", "kW"),
            Map.entry("MAW", "MW"),
            Map.entry("VLT", "V"),
            Map.entry("2Z", "mV"),
            Map.entry("KVT", "kV"),
            Map.entry("AMP", "A"),
            Map.entry("4K", "mA"),
            Map.entry("OHM", "Ohm"),
            Map.entry("MTS", "m/s"),
            Map.entry("C16", "mm/s"),
            Map.entry("KMH", "km/h"),
            Map.entry("MSK", "m/s2"),
            Map.entry("L2", "L/min"),
            Map.entry("MQH", "m3/h"),
            Map.entry("MQS", "m3/s"),
            Map.entry("KGS", "kg/s"),
            Map.entry("E93", "kg/h"),
            Map.entry("DD", "deg"),
            Map.entry("C81", "rad"),
            Map.entry("LUX", "lx"),
            Map.entry("2N", "dB"),
            Map.entry("59", "[ppm]"));

    private UneceUnits() {}

    /**
     * @param unitId the code's characters, 8 bits each, the last in the lowest
     * @param shown what the server shows; taken where the code is not known
     */
    static String ucum(int unitId, String shown) {
        StringBuilder code = new StringBuilder();
        for (int shift = 24; shift >= 0; shift -= 8) {
            int character = unitId >>> shift & 0xFF;
            if (character > ' ') {
                code.append((char) character);
            }
        }
        return UCUM.getOrDefault(code.toString(), shown);
    }
}
