/**
 * The benchmarks, with the names, units and definitions of CPython's side in {@code python_baseline.py}. Only the executable jar has them.
 */
package org.jmultiprocessing.bench;
