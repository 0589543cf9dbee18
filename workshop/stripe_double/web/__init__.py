"""The pages: hosted payment page and operator's page. They work without scripts."""
