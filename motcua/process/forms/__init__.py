"""Forms as JSON (the form-js schema): read, cleaned, checked and summarised on the server."""
