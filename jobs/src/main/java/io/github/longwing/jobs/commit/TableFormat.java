package io.github.longwing.jobs.commit;

import java.util.Locale;
import java.util.Map;

/** What a format of tables promises to the runs that write it. */
public enum TableFormat {
    DELTA,
    ICEBERG,
    /** Whatever else a catalog has: rows can be added, and a process that dies may leave some rows of a slice. */
    OTHER;

    /** By the provider that the catalog names. */
    public static TableFormat of(String provider) {
        return switch (provider.toLowerCase(Locale.ROOT)) {
            case "delta" -> DELTA;
            case "iceberg" -> ICEBERG;
            default -> OTHER;
        };
    }

    /** Whether rows can be removed and added in one transaction. */
    public boolean replacesRows() {
        return this != OTHER;
    }

    /** Options of the write of a slice, by which the table itself knows it again. */
    Map<String, String> transaction(String run, String slice) {
        return switch (this) {
            // of one application each: of a lower number than before Delta would take no rows, and say nothing
            case DELTA -> Map.of("txnAppId", slice, "txnVersion", "1");
            case ICEBERG -> Map.of("snapshot-property.longwing.run", run, "snapshot-property.longwing.slice", slice);
            case OTHER -> Map.of();
        };
    }
}
