/**
 * What tests of many packages share: the seed of all that is drawn at random, programs compiled from text, made-up
 * facts, waiting, JSON read back. Used on the threads of tests; nothing here is shipped.
 */
package dev.gavel.kit;
