"""Questions asked of a model: dose-response, comparison of drugs, and what the answers rest on."""
