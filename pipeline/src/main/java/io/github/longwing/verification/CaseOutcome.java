package io.github.longwing.verification;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one case came to.
 *
 * @param maxAbsDiff the largest difference in the worst tensor of the case; empty where only sequences count
 * @param tolerance what the rule compares with: the largest difference allowed, or the relative L2 error for int8
 * @param rule which rule of comparison applied
 * @param tokenAgreement for sequences, the part of the tokens that agree
 * @param detail why it failed
 */
public record CaseOutcome(
        String name,
        String kind,
        OptionalDouble maxAbsDiff,
        double tolerance,
        Rule rule,
        OptionalDouble tokenAgreement,
        Optional<String> detail) {

    /** How numbers are compared. */
    public enum Rule {
        /** Largest difference at most 1e-4 plus 2e-4 times the largest expected number; sequences exactly. */
        FLOAT32,
        /** Relative L2 error at most 0.05; sequences are reported and not judged. */
        INT8
    }

    public boolean passed() {
        return detail.isEmpty();
    }
}
