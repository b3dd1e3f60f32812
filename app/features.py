"""The table of contents of the product: what is installed, floor by floor."""

from app.accounts.feature import FEATURE as ACCOUNTS
from app.admin.feature import FEATURE as ADMIN
from app.blog.feature import FEATURE as BLOG
from app.comments.feature import FEATURE as COMMENTS
from app.consent.feature import FEATURE as CONSENT
from app.core.feature import FEATURE as CORE
from app.desk.feature import FEATURE as DESK
from app.disclosures.feature import FEATURE as DISCLOSURES
from app.discovery.feature import FEATURE as DISCOVERY
from app.feedback.feature import FEATURE as FEEDBACK
from app.moderation.feature import FEATURE as MODERATION
from app.policy.feature import FEATURE as POLICY
from app.rights.feature import FEATURE as RIGHTS
from app.site.feature import FEATURE as SITE
from app.trends.feature import FEATURE as TRENDS

FEATURES = (
    *(CORE, ACCOUNTS, CONSENT, SITE, BLOG, MODERATION, DESK, COMMENTS, FEEDBACK),
    *(TRENDS, POLICY, DISCOVERY, RIGHTS, DISCLOSURES, ADMIN),
)
