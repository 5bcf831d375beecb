package io.sluice.adapter.gpio;

/** Opens lines. Confined to one thread; the listeners are called on others. */
interface Chips extends AutoCloseable {

    /**
     * Requests the line as an input. Edges are told from now on.
     *
     * @param id unique among the lines that are open
     * @param chip label, name, or {@link GpioPlan#MOCK}
     * @throws ChipUnavailable if the chip or the line cannot be had now
     */
    Input open(String id, String chip, Line line, LevelListener listener) throws ChipUnavailable;

    /** Releases every line, within about two seconds. */
    @Override
    void close();

    /** A line that is requested. */
    interface Input extends AutoCloseable {

        /**
         * The voltage level now, before {@code active-low}.
         *
         * @throws ChipUnavailable if it cannot be read any more
         */
        boolean high() throws ChipUnavailable;

        @Override
        void close();
    }

    /** Told of every edge on a thread of the library; must not wait. */
    @FunctionalInterface
    interface LevelListener {
        void changed(boolean high);
    }
}
