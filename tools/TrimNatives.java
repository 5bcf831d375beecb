import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes native libraries of other platforms out of jars, in place: {@code java TrimNatives.java ARCHITECTURE JAR...}, with
 * the architecture as {@code uname -m} names it. Entries keep their order and times, so the same jar gives the same bytes.
 */
final class TrimNatives {

    private static final List<String> EXTENSIONS = List.of(".so", ".dll", ".dylib", ".jnilib", ".a");

    /** How libraries call the architecture in the names of their folders. */
    private static final Map<String, List<String>> FOLDERS = Map.of(
            "x86_64", List.of("linux/x86_64/", "linux-x86_64/", "linux-x86_64."),
            "aarch64", List.of("linux/aarch64/", "linux/arm64/", "lib/aarch64/", "linux-aarch64/", "linux-aarch_64/"));

    private final List<String> kept;

    private TrimNatives(List<String> kept) {
        this.kept = kept;
    }

    public static void main(String[] arguments) throws IOException {
        List<String> kept = FOLDERS.get(arguments[0]);
        if (kept == null) {
            System.err.println("TrimNatives: nothing is known of " + arguments[0] + "; every native library stays");
            return;
        }
        for (String jar : List.of(arguments).subList(1, arguments.length)) {
            new TrimNatives(kept).trim(Path.of(jar));
        }
    }

    private void trim(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (zip.stream().noneMatch(this::foreign)) {
                return;
            }
            Path trimmed = Path.of(jar + ".trimmed");
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(trimmed))) {
                for (ZipEntry entry : zip.stream().filter(e -> !foreign(e)).toList()) {
                    copy(zip, entry, out);
                }
            }
            Files.move(trimmed, jar, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void copy(ZipFile zip, ZipEntry entry, ZipOutputStream out) throws IOException {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        try (InputStream in = zip.getInputStream(entry)) {
            in.transferTo(out);
        }
        out.closeEntry();
    }

    private boolean foreign(ZipEntry entry) {
        String name = entry.getName().toLowerCase(Locale.ROOT);
        boolean library = EXTENSIONS.stream().anyMatch(name::endsWith);
        return library && kept.stream().noneMatch(folder -> name.contains(folder) && !name.contains("musl"));
    }
}
