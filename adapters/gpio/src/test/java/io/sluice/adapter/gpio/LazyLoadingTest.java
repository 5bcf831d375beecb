package io.sluice.adapter.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.AdapterFactory;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.YamlReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class LazyLoadingTest {

    /** Loads the adapter anew, and does as if Pi4J were not there. */
    private static final class WithoutPi4j extends URLClassLoader {

        WithoutPi4j(URL... urls) {
            super(urls, LazyLoadingTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.pi4j.")) {
                throw new ClassNotFoundException(name);
            }
            if (name.startsWith("io.sluice.adapter.gpio.")) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
            return super.loadClass(name, resolve);
        }
    }

    @Test
    void checksAConfigurationWithoutLoadingPi4j() throws Exception {
        URL classes =
                GpioAdapterFactory.class.getProtectionDomain().getCodeSource().getLocation();
        try (WithoutPi4j loader = new WithoutPi4j(classes)) {
            AdapterFactory factory = ServiceLoader.load(AdapterFactory.class, loader).stream()
                    .filter(provider -> provider.type().getClassLoader() == loader)
                    .findFirst()
                    .orElseThrow()
                    .get();

            Problems problems = new Problems();
            List<DeviceDefinition> devices = devices(factory, problems);

            assertThat(factory.plan(devices.getFirst(), problems)).isPresent();
        }
    }

    private static List<DeviceDefinition> devices(AdapterFactory factory, Problems problems) {
        String text = "devices: [ { id: a, protocol: gpio, connection: { chip: mock }, tags: { door: { line: 1 } } } ]";
        Node.Mapping root = YamlReader.read("a.yaml", text, new Substitution(Map.of(), false), problems)
                .orElseThrow();
        return DeviceLoader.load(root, Map.of("gpio", factory.schema()), new Substitution(Map.of(), false), problems);
    }
}
