@NullMarked
package io.sluice.gateway.config;

import org.jspecify.annotations.NullMarked;
