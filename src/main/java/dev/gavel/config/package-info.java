/**
 * YAML files to immutable records that remember where in the source each thing stands. Loading runs on one thread;
 * what it returns is shared freely.
 */
@NullMarked
package dev.gavel.config;

import org.jspecify.annotations.NullMarked;
