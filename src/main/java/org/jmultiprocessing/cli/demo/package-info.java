/** The example programs, each as a user would write it. */
package org.jmultiprocessing.cli.demo;
