package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checking a configuration needs no protocol library: it works where j2mod and jSerialComm are not there at all. */
final class WithoutLibrariesTest {

    /** Runs in a class loader that cannot find the libraries. */
    public static final class Check implements Runnable {
        @Override
        public void run() {
            new ModbusAdapterFactory().schema();
            Definitions.device("d")
                    .connection("host: a")
                    .tag("t", "reference: 30001, type: int16")
                    .plan();
            Definitions.device("s")
                    .connection("serial: /dev/ttyS0")
                    .tag("t", "reference: 30001, type: int16")
                    .plan();
        }
    }

    @Test
    void schemaAndPlanWorkWithoutThem() throws Exception {
        try (URLClassLoader loader = withoutLibraries()) {
            assertThatThrownBy(() -> loader.loadClass("com.ghgande.j2mod.modbus.Modbus"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> check = loader.loadClass(Check.class.getName());
            assertThat(check).isNotSameAs(Check.class);

            ((Runnable) check.getDeclaredConstructor().newInstance()).run();
        }
    }

    private static URLClassLoader withoutLibraries() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("j2mod") && !entry.contains("jSerialComm")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
