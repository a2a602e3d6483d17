"""The KPIs both teams signed: values, targets, history, change, records."""
