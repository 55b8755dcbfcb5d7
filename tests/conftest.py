"""Set up Hypothesis for every test: the same examples each time, and no clock."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "symtconv",
    deadline=None,
    derandomize=True,
    max_examples=60,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("symtconv")
