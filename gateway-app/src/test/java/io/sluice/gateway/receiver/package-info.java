@NullMarked
package io.sluice.gateway.receiver;

import org.jspecify.annotations.NullMarked;
