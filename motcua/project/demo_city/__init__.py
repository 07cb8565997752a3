"""The demonstration city: invented people, firms, agencies and dossiers. Nobody here is real."""
