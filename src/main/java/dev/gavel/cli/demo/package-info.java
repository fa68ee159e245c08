/**
 * The demo: a client, a server and the daemon between them in namespaces that vanish with it. Of the main thread.
 */
@NullMarked
package dev.gavel.cli.demo;

import org.jspecify.annotations.NullMarked;
