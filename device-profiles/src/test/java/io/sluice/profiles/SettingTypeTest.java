package io.sluice.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTypeTest {

    private static final Mark MARK = new Mark("gateway.yaml", 3, 9);

    private enum Full {
        DROP_OLDEST,
        DROP_NEWEST
    }

    private final Problems problems = new Problems();

    private <T> @Nullable T parse(SettingType<T> type, String text) {
        return type.parse("poll", new Node.Scalar(text, false, MARK), problems);
    }

    private String onlyProblem() {
        assertThat(problems.sorted()).hasSize(1);
        return problems.sorted().getFirst().toString();
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "2s,PT2S", "1h,PT1H", "30d,PT720H", "20us,PT0.00002S", "5min,PT5M", "0ms,PT0S"})
    void readsDurations(String text, Duration expected) {
        assertThat(parse(SettingType.duration(), text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 sec", "5", "s", "-1s", "1.5s", "5m", "9999999999s", "5S"})
    void refusesWhatIsNoDuration(String text) {
        assertThat(parse(SettingType.duration(), text)).isNull();
        assertThat(onlyProblem())
                .isEqualTo("gateway.yaml:3:9: error: bad duration '" + text
                        + "' for poll, expected a duration such as 500ms, 2s or 1h");
    }

    @Test
    void saysTheLimitsOfADurationAsUsersWriteThem() {
        SettingType<Duration> type = SettingType.duration(Duration.ofMillis(1), Duration.ofDays(1));

        assertThat(parse(type, "2d")).isNull();
        assertThat(onlyProblem()).endsWith("from 1ms to 1d");
    }

    @ParameterizedTest
    @CsvSource({"64KiB,65536", "512MiB,536870912", "1GiB,1073741824", "10B,10"})
    void readsSizes(String text, long expected) {
        assertThat(parse(SettingType.size(), text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"64KB", "64", "64 KiB", "1TiB"})
    void refusesWhatIsNoSize(String text) {
        assertThat(parse(SettingType.size(), text)).isNull();
        assertThat(onlyProblem()).contains("expected a size such as 64KiB or 512MiB");
    }

    @Test
    void readsRates() {
        assertThat(parse(SettingType.rate(), "2000/s")).isEqualTo(2000);
        assertThat(parse(SettingType.rate(), "0/s")).isNull();
        assertThat(onlyProblem()).contains("bad rate '0/s'");
    }

    @Test
    void readsWholeNumbersAlsoInHexadecimal() {
        assertThat(parse(SettingType.integer(0, 65_535), "0x00ff")).isEqualTo(255);
        assertThat(parse(SettingType.integer(-5, 5), "-5")).isEqualTo(-5);
        assertThat(problems.hasErrors()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"256", "-1", "1.0", "0xzz", "99999999999999999999", "one"})
    void refusesWhatIsNoWholeNumberInRange(String text) {
        assertThat(parse(SettingType.integer(0, 255), text)).isNull();
        assertThat(onlyProblem()).contains("bad number '" + text + "' for poll, expected a whole number from 0 to 255");
    }

    @Test
    void keepsDecimalsExactly() {
        assertThat(parse(SettingType.decimal(), "0.1")).isEqualTo(new BigDecimal("0.1"));
        assertThat(parse(SettingType.decimal(), "-1e-3")).isEqualByComparingTo("-0.001");
    }

    @Test
    void refusesANumberThatWouldFillTheMemoryWhenWritten() {
        assertThat(parse(SettingType.decimal(), "1e999999999")).isNull();
        assertThat(problems.hasErrors()).isTrue();
    }

    @Test
    void takesQuotedNumbersAndBooleansAsText() {
        SettingType.integer(0, 9).parse("port", new Node.Scalar("5", true, MARK), problems);
        assertThat(onlyProblem())
                .contains("bad number '5' for port")
                .endsWith("in quotes it is text, write it without");
        SettingType.bool().parse("retain", new Node.Scalar("true", true, MARK), problems);
        assertThat(problems.errors()).isEqualTo(2);
        assertThat(SettingType.text().parse("name", new Node.Scalar("5", true, MARK), problems))
                .isEqualTo("5");
    }

    @Test
    void knowsOnlyTrueAndFalse() {
        assertThat(parse(SettingType.bool(), "false")).isFalse();
        assertThat(parse(SettingType.bool(), "yes")).isNull();
        assertThat(onlyProblem()).contains("expected true or false");
    }

    @Test
    void writesConstantsInLowerCaseAndOffersTheNearest() {
        assertThat(parse(SettingType.choice(Full.class), "drop-newest")).isEqualTo(Full.DROP_NEWEST);
        assertThat(parse(SettingType.choice(Full.class), "drop-oldst")).isNull();
        assertThat(onlyProblem())
                .endsWith("bad value 'drop-oldst' for poll, expected drop-oldest or drop-newest "
                        + "(did you mean 'drop-oldest'?)");
    }

    @Test
    void saysThatAValueIsMissing() {
        assertThat(parse(SettingType.text(), "")).isNull();
        assertThat(onlyProblem()).endsWith("poll has no value, expected text");
    }

    @Test
    void saysToQuoteAMapWhereTextWasMeant() {
        SettingType.text().parse("client-id", new Node.Mapping(List.of(), MARK), problems);
        assertThat(onlyProblem()).endsWith("client-id is a map, expected text; quote a value that begins with {");
    }

    @Test
    void readsStatesInTheOrderOfTheirNumbers() {
        Node.Mapping map = mapping("1", "open", "0x0", "closed");

        assertThat(SettingType.states().parse("states", map, problems))
                .isEqualTo(new TreeMap<>(Map.of(0L, "closed", 1L, "open")));
    }

    @Test
    void refusesStatesThatAreNoNumbers() {
        assertThat(SettingType.states().parse("states", mapping("on", "open"), problems))
                .isNull();
        assertThat(onlyProblem()).contains("bad key 'on' in states");
    }

    @Test
    void tellsEveryBadItemOfAList() {
        Node list = new Node.Sequence(
                List.of(new Node.Scalar("x", false, MARK), new Node.Scalar("y", false, new Mark("f", 9, 9))), MARK);

        assertThat(SettingType.list(SettingType.integer(0, 1)).parse("items", list, problems))
                .isNull();
        assertThat(problems.errors()).isEqualTo(2);
    }

    @Test
    void findsFilesBesideTheFileThatNamesThem(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("ca.pem"), "x");
        Mark mark = new Mark(directory.resolve("gateway.yaml").toString(), 1, 1);

        assertThat(SettingType.file().parse("ca", new Node.Scalar("ca.pem", false, mark), problems))
                .isEqualTo(directory.resolve("ca.pem"));
        assertThat(SettingType.file().parse("ca", new Node.Scalar("no.pem", false, mark), problems))
                .isNull();
        assertThat(onlyProblem()).contains("cannot read file").contains("no.pem");
    }

    private static Node.Mapping mapping(String... keysAndValues) {
        List<Node.Mapping.Entry> entries = new java.util.ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            entries.add(new Node.Mapping.Entry(
                    new Node.Scalar(keysAndValues[i], false, MARK),
                    new Node.Scalar(keysAndValues[i + 1], false, MARK)));
        }
        return new Node.Mapping(entries, MARK);
    }
}
