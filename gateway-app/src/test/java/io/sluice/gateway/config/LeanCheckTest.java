package io.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.profiles.Problems;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A check is quick because it reads text: it must work where the protocol libraries are not even there. */
class LeanCheckTest {

    private static final List<String> LIBRARIES =
            List.of("milo", "j2mod", "jSerialComm", "pi4j", "netty", "bouncycastle");

    /** Made by a class loader that cannot see the libraries. */
    public static final class Lean implements UnaryOperator<String> {
        @Override
        public String apply(String file) {
            return check(file);
        }
    }

    private static String check(String file) {
        Problems problems = new Problems();
        Protocols protocols = Protocols.installed();
        Map<String, String> environment =
                Map.of("DEMO_MODBUS_PORT", "1502", "DEMO_OPCUA_PORT", "4840", "DEMO_MQTT_PORT", "1883");
        DevicePlans plans = new DevicePlans(protocols);
        ConfigLoader.check(Path.of(file), protocols.schemas(), environment, plans, problems);
        plans.checkTogether(problems);
        return protocols.schemas().keySet() + " " + problems.sorted();
    }

    @Test
    void checksDevicesOfEveryProtocolWithoutAProtocolLibrary() throws Exception {
        URL[] lean = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> LIBRARIES.stream().noneMatch(entry::contains))
                .map(LeanCheckTest::url)
                .toArray(URL[]::new);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(lean, ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            assertThatThrownBy(() -> loader.loadClass("org.eclipse.milo.opcua.sdk.client.OpcUaClient"))
                    .isInstanceOf(ClassNotFoundException.class);
            @SuppressWarnings("unchecked")
            UnaryOperator<String> check = (UnaryOperator<String>)
                    loader.loadClass(Lean.class.getName()).getConstructor().newInstance();
            String told = check.apply("../examples/demo/gateway.yaml");
            assertThat(told).isEqualTo("[gpio, modbus, opcua] []");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }
}
