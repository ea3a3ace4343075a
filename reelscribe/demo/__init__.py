"""The demo: a short clip made from photos and speech, with a known truth to hold a report against."""
