package application;

import java.util.function.IntUnaryOperator;

/** A class to be loaded and compiled again and again. */
public final class Hot implements IntUnaryOperator {
    @Override
    public int applyAsInt(int rounds) {
        int sum = 1;
        for (int i = 0; i < rounds; i++) {
            sum = step(sum, i);
        }
        return sum;
    }

    private static int step(int sum, int i) {
        return switch (i & 3) {
            case 0 -> sum * 31 + i;
            case 1 -> sum ^ sum >>> 7;
            case 2 -> Integer.rotateLeft(sum, i & 31);
            default -> Math.max(sum, i) - i / 3;
        };
    }
}
