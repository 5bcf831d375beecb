package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/mqtt-conformance.md and the {@link Clause} annotations say the same. */
class ConformancePageTest {

    private static final Path PAGE = Path.of("../docs/mqtt-conformance.md");
    private static final Pattern ROW =
            Pattern.compile("\\| ((?:311:)?\\d+\\.\\d+\\.\\d+-\\d+) \\| ([^|]+) \\| ([^|]+) \\|");
    private static final Pattern TEST = Pattern.compile("`([^`]+)`");

    @Test
    void everyRowHasATestOrAReason() throws IOException {
        for (Map.Entry<String, String> row : rows().entrySet()) {
            boolean tested = TEST.matcher(row.getValue()).find();
            boolean excused = row.getValue().startsWith("– ") && row.getValue().length() > 4;
            assertThat(tested != excused)
                    .as("%s: '%s' is neither a test nor '– ' and a reason", row.getKey(), row.getValue())
                    .isTrue();
        }
    }

    @Test
    void thePageNamesExactlyTheTestsThatNameTheClause() throws Exception {
        Map<String, TreeSet<String>> onPage = new TreeMap<>();
        rows().forEach((clause, cell) -> {
            TreeSet<String> tests = new TreeSet<>();
            TEST.matcher(cell).results().forEach(found -> tests.add(found.group(1)));
            if (!tests.isEmpty()) {
                onPage.put(clause, tests);
            }
        });

        assertThat(onPage).isEqualTo(annotated());
    }

    @Test
    void theStatementsOfEachSectionAreNumberedWithoutAGap() throws IOException {
        Map<String, List<Integer>> sections = rows().keySet().stream()
                .collect(Collectors.groupingBy(
                        clause -> clause.substring(0, clause.indexOf('-')),
                        TreeMap::new,
                        Collectors.mapping(
                                clause -> Integer.valueOf(clause.substring(clause.indexOf('-') + 1)),
                                Collectors.toList())));

        sections.forEach((section, numbers) -> {
            int first = section.equals("2.2.1") ? 2 : 1; // Appendix B has no [MQTT-2.2.1-1]
            for (int i = 0; i < numbers.size(); i++) {
                assertThat(numbers.get(i)).as(section).isEqualTo(first + i);
            }
        });
    }

    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(rows.put(row.group(1), row.group(3)))
                        .as("second row of " + row.group(1))
                        .isNull();
            }
        }
        assertThat(rows).hasSize(251 + 141);
        return rows;
    }

    private static Map<String, TreeSet<String>> annotated() throws Exception {
        Map<String, TreeSet<String>> clauses = new TreeMap<>();
        for (Class<?> type : testClasses()) {
            for (Method method : type.getDeclaredMethods()) {
                Clause named = method.getAnnotation(Clause.class);
                Arrays.stream(named == null ? new String[0] : named.value())
                        .forEach(clause -> clauses.computeIfAbsent(clause, key -> new TreeSet<>())
                                .add(type.getSimpleName() + "." + method.getName()));
            }
        }
        return clauses;
    }

    private static List<Class<?>> testClasses() throws Exception {
        Path here = Path.of(ConformancePageTest.class
                        .getResource("ConformancePageTest.class")
                        .toURI())
                .getParent();
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.list(here)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith("Test.class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                types.add(Class.forName("io.sluice.mqtt." + name, false, ConformancePageTest.class.getClassLoader()));
            }
        }
        return types;
    }
}
