from . import test_job_messages
