package org.jmultiprocessing.manager;

import org.jmultiprocessing.internal.wire.ObjectCodec;

/**
 * What those may do who come in by one address of a server.
 *
 * @param ownTree whether they belong to the server's own process tree
 * @param functions whether the server runs functions that they send
 * @param codec reads what they send, no more than they may
 */
record Access(boolean ownTree, boolean functions, ObjectCodec codec) { }
