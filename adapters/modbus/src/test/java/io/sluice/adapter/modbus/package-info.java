@NullMarked
package io.sluice.adapter.modbus;

import org.jspecify.annotations.NullMarked;
