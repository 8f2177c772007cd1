"""Readers: IDX and CSV files, drawings and photos become arrays."""
