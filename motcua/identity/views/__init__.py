"""The doors: residents, officials, the demonstration, step-up, the way out."""
