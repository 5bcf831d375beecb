@NullMarked
package io.sluice.adapter.gpio;

import org.jspecify.annotations.NullMarked;
