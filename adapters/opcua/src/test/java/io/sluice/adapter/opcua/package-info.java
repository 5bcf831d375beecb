@NullMarked
package io.sluice.adapter.opcua;

import org.jspecify.annotations.NullMarked;
