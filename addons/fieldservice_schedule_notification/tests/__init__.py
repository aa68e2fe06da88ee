from . import test_invitations
from . import test_job_messages
from . import test_portal
from . import test_pushes
from . import test_rating_link
from . import test_reminders
