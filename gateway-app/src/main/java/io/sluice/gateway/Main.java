package io.sluice.gateway;

import io.sluice.gateway.cli.Sluice;

/** The program's entry. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Sluice.run(arguments));
    }
}
