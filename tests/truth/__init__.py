"""An independent count of a mission's raw reports, and generated missions to hold it against."""
