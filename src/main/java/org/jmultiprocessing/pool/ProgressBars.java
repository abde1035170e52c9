package org.jmultiprocessing.pool;

import java.util.concurrent.atomic.AtomicBoolean;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Bars on stderr. The one class that needs the library that draws them. */
final class ProgressBars {
    private static final String LIBRARY = "me.tongfei.progressbar.ProgressBar";
    private static final int UPDATE_MILLIS = 200;

    private ProgressBars() { }

    /**
     * @param title of the bars; null for none
     * @throws IllegalStateException if the library is not there
     */
    static Progress.Display titled(String title) {
        if (title == null) {
            return total -> Progress.NONE;
        }
        try {
            Class.forName(LIBRARY);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("progress is shown by me.tongfei:progressbar, which is not there: add that dependency", e);
        }
        return total -> Bar.begin(title, total);
    }

    private record Bar(ProgressBar bar, AtomicBoolean closed) implements Progress {
        static Progress begin(String title, long total) {
            return new Bar(new ProgressBarBuilder().setTaskName(title).setInitialMax(total).setUpdateIntervalMillis(UPDATE_MILLIS)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err)).showSpeed().build(), new AtomicBoolean());
        }

        @Override
        public void step(long elements) {
            bar.stepBy(elements);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                bar.close();
            }
        }
    }
}
