/**
 * The operating system: libc through jnr-ffi, descriptors, native memory, network namespaces. The only package that may
 * import {@code jnr} or {@code com.kenai.jffi}. Objects belong to the thread that made them unless they say otherwise.
 */
@NullMarked
package dev.gavel.sys;

import org.jspecify.annotations.NullMarked;
