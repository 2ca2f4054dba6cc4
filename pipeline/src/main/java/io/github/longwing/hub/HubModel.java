package io.github.longwing.hub;

/**
 * A model of the Hub at one commit, which never changes.
 *
 * @param commit the 40 hexadecimal digits that the revision of {@code id} stood for
 */
public record HubModel(HubId id, String commit) {
    @Override
    public String toString() {
        return id.isCommit() ? id.toString() : id + " (" + commit + ")";
    }
}
