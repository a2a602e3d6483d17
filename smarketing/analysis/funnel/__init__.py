"""The shared funnel: stages, time, paths, cohorts, and two settings reconciled."""
