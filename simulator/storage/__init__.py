"""What is kept: results database, exports, reports."""
