/** The wire contract: values, quality, timestamps, stream identity, codecs and the verifier. */
@NullMarked
package io.sluice.telemetry;

import org.jspecify.annotations.NullMarked;
