package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.adapter.AdapterFactory;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Settings;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** Checking a configuration needs no protocol library: it works where Milo, Netty and BouncyCastle are not there at all. */
final class WithoutLibrariesTest {

    /** Runs in a class loader that cannot find the libraries. */
    public static final class Check implements Runnable {
        @Override
        public void run() {
            AdapterFactory factory = ServiceLoader.load(AdapterFactory.class, Check.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(found -> found.schema().protocol().equals("opcua"))
                    .findFirst()
                    .orElseThrow();
            Mark mark = new Mark("gateway.yaml", 1, 1);
            Settings connection =
                    new Settings(mark, Map.of("endpoint", new Settings.Given("opc.tcp://10.0.0.20:4840", mark)));
            assertThat(factory.plan(DeviceDefinition.bare("press-2", mark, "opcua", connection), new Problems()))
                    .isPresent();
        }
    }

    @Test
    void schemaAndPlanWorkWithoutThem() throws Exception {
        try (URLClassLoader loader = withoutLibraries()) {
            assertThatThrownBy(() -> loader.loadClass("org.eclipse.milo.opcua.sdk.client.OpcUaClient"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> check = loader.loadClass(Check.class.getName());
            assertThat(check).isNotSameAs(Check.class);

            ((Runnable) check.getDeclaredConstructor().newInstance()).run();
        }
    }

    private static URLClassLoader withoutLibraries() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("milo") && !entry.contains("netty") && !entry.contains("bouncycastle")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
