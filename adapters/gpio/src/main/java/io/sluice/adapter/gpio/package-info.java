/** GPIO: line settings, edges and polls, decoding into samples. */
@NullMarked
package io.sluice.adapter.gpio;

import org.jspecify.annotations.NullMarked;
