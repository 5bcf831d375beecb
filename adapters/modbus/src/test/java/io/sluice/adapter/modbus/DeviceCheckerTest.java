package io.sluice.adapter.modbus;

import static io.sluice.adapter.modbus.Definitions.device;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan.PlannedTag;
import io.sluice.telemetry.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceCheckerTest {

    @Test
    void isFoundAsAService() {
        assertThat(ServiceLoader.load(AdapterFactory.class).stream().map(ServiceLoader.Provider::get))
                .anySatisfy(factory -> assertThat(factory.schema().protocol()).isEqualTo("modbus"));
    }

    @Test
    void plansWhatTheUserWrote() {
        ModbusPlan plan = device("meter-1")
                .connection("host: 10.0.0.12, unit-id: 7")
                .defaults("table: input, type: float32, order: CDAB")
                .tag("voltage", "address: 0")
                .tag("alarm", "reference: 10009")
                .tag("relay", "table: coil, address: 0x10")
                .tag("running", "table: holding, address: 5, bit: 3")
                .tag("name", "reference: 400101, type: string, length: 20", Duration.ofSeconds(10))
                .plan();

        assertThat(plan.endpoint()).isEqualTo(new Endpoint.Tcp("10.0.0.12", 502, Duration.ofSeconds(1), Duration.ZERO));
        assertThat(plan.unit()).isEqualTo(7);
        assertThat(plan.tags())
                .containsExactly(
                        new PlannedTag("voltage", ValueType.FLOAT32, "input 0"),
                        new PlannedTag("alarm", ValueType.BOOL, "discrete 8"),
                        new PlannedTag("relay", ValueType.BOOL, "coil 16"),
                        new PlannedTag("running", ValueType.BOOL, "holding 5.3"),
                        new PlannedTag("name", ValueType.STRING, "holding 100"));
        assertThat(plan.points().get(0).decoder().order()).isEqualTo(RegisterOrder.CDAB);
        assertThat(plan.points().get(4).interval()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        table: input, address: 0, reference: 30001, type: int16 | error: address and reference together
        reference: 50001, type: int16                           | error: bad reference '50001'
        reference: 30000, type: int16                           | error: bad reference '30000'
        reference: 465537, type: int16                          | error: bad reference '465537'
        table: input, reference: 40001, type: int16             | error: table and reference disagree
        table: input, type: int16                               | error: tag t needs address: or reference:
        address: 3, type: int16                                 | error: tag t needs a table
        table: input, address: 3                                | error: tag t needs a type
        table: input, address: 65536, type: int16               | error: bad address '65536'
        table: input, address: 65535, type: int32               | ends beyond 65535
        table: input, address: 30001, type: int16               | warning: an address is zero-based
        table: input, address: 0, type: string                  | error: tag t of type string needs a length
        table: input, address: 0, type: int16, bit: 3           | error: bit goes with type bool
        table: coil, address: 0, type: int16                    | error: coils are bool, not int16
        table: coil, address: 0, bit: 3                         | error: bit is for registers
        table: input, address: 0, type: int16, order: CDAB      | warning: order is pointless for int16
        table: input, address: 0, type: int32, length: 4        | warning: length is pointless for int32
        table: input, address: 0, type: int8-low, not-available: 0x80 | error: not-available is for numbers of whole
        table: input, address: 0, type: bool, scale-register: 4 | error: scale-register is for numbers of whole registers
        table: input, address: 0, type: int16, encoding: utf-16 | warning: encoding is pointless for int16
        table: input, address: 0, type: flaot32                 | did you mean 'float32'?
        table: file, address: 0, type: int16                    | error: tag t of table: file needs file:
        table: input, file: 4, address: 0, type: int16          | error: file goes with table: file, not with input
        table: file, file: 0, address: 0, type: int16           | error: bad number '0' for file
        table: file, file: 4, address: 9999, type: int32        | ends beyond 9999
        table: file, file: 4, address: 0, type: string, length: 250 | takes 125 registers, more than one request can carry (121)
        sunspec: 103-W                                          | error: bad SunSpec point '103-W'
        sunspec: 103/Pwr                                        | error: SunSpec model 103 has no point 'Pwr', but A, AphA
        sunspec: 103/TmpCap                                     | (did you mean 'TmpCab'?)
        sunspec: 120/WRtg                                       | error: the points of SunSpec model 120 (Nameplate) are not known
        sunspec: 103-201/W, type: int16                         | error: sunspec says where the tag lies and how it is to be read; leave type out
        sunspec: 101-201/A                                      | error: 101-201/A is of another type in some of these models
        """)
    void saysWhatIsWrongWithATag(String text, String expected) {
        assertThat(device("d").tag("t", text).problems())
                .anySatisfy(problem ->
                        assertThat(problem).startsWith("device.yaml:100:").contains(expected));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        table: holding, address: 0x9C41, type: int16     | an address written in hexadecimal is meant as it is
        table: holding, address: 9999, type: int16       | four digits are no notation
        table: holding, address: 65535, type: int16      | the last address
        reference: 465536, type: int16                   | the last register in six digits
        reference: 00001                                 | the first coil
        """)
    void findsNothingWrongWithATag(String text, String why) {
        assertThat(device("d").tag("t", text).problems()).as(why).isEmpty();
    }

    @Test
    void takesAnOrderAmongTheDefaultsForTheTagsThatHaveOne() {
        assertThat(device("d")
                        .defaults("table: input, order: CDAB")
                        .tag("t", "address: 0, type: int16")
                        .problems())
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        unit-id: 1                                 | error: a Modbus connection needs host: or serial:
        host: a, serial: /dev/ttyS0                | error: a connection has a host or a serial port, not both
        host: a, tls.ca: pom.xml                   | error: tls.ca needs transport: tls
        host: a, transport: tls, tls.key: pom.xml  | error: tls.certificate and tls.key go together
        serial: /dev/ttyS0, format: 7E1            | error: transport rtu needs 8 data bits, such as 8E1; 7 are for transport ascii
        host: a, transport: rtu                    | error: transport rtu does not go with host:
        host: a, unit-id: 256                      | error: bad number '256' for unit-id
        host: a, baud: 9600                        | warning: baud is pointless with a host
        serial: /dev/ttyS0, unit-id: 0             | error: unit-id 0 cannot be read on a serial line
        """)
    void saysWhatIsWrongWithAConnection(String text, String expected) {
        assertThat(device("d").connection(text).problems())
                .anySatisfy(problem ->
                        assertThat(problem).startsWith("device.yaml:10:").contains(expected));
    }

    @Test
    void reportsEveryProblemAtOnce() {
        assertThat(device("d")
                        .connection("host: a, transport: rtu")
                        .tag("a", "address: 1")
                        .tag("b", "table: coil, address: 1, type: int16")
                        .problems())
                .hasSize(3);
    }

    @Test
    void refusesATagThatNeverMayBeRead() {
        assertThat(device("d")
                        .profile("request.forbidden: holding 100-119")
                        .tag("before", "table: holding, address: 99, type: int16")
                        .tag("in", "table: holding, address: 118, type: float32")
                        .tag("elsewhere", "table: input, address: 110, type: int16")
                        .tag("behind", "table: holding, address: 120, type: int16")
                        .problems())
                .singleElement()
                .asString()
                .contains("tag in lies in request.forbidden (holding 100-119), so it would never be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"holding 119-100", "holdings 1-2", "holding", "3-4", "file 3-4", "holding 1-70000"})
    void refusesForbiddenRangesThatAreNone(String text) {
        assertThat(device("d")
                        .profile("request.forbidden: " + text)
                        .tag("t", "table: coil, address: 0")
                        .problems())
                .singleElement()
                .asString()
                .contains("bad range '" + text + "'");
    }

    @Test
    void plansAroundWhatIsForbidden() {
        ModbusPlan plan = device("d")
                .profile("request.forbidden: holding 0x64")
                .tag("a", "table: holding, address: 99, type: int16")
                .tag("b", "table: holding, address: 101, type: int16")
                .plan();

        assertThat(BlockReader.forTags(List.of(0, 1), plan.points(), plan.limits(), new ScaleFactors(plan.points())))
                .extracting(reader -> reader.block().describe())
                .containsExactly("holding registers 99", "holding registers 101");
    }

    @Test
    void refusesATagWiderThanARequest() {
        assertThat(device("d")
                        .profile("request.max-registers: 2")
                        .tag("t", "table: input, address: 0, type: int64")
                        .problems())
                .singleElement()
                .asString()
                .contains("takes 4 registers, more than request.max-registers (2)");
    }

    @Test
    void refusesAnIntervalOfZero() {
        assertThat(device("d")
                        .tag("t", "table: input, address: 0, type: int16", Duration.ZERO)
                        .problems())
                .singleElement()
                .asString()
                .contains("expected 1ms or more");
    }
}
