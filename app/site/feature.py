"""The card of the site's own pages."""

import re
from datetime import timedelta

from app.core.content import ContentKind, sync
from app.core.registry import Feature, Job, SearchSource

from .addresses import PageConverter
from .queries import SOURCE, current_site, page_documents, page_fingerprints, page_locations
from .services import apply_page, apply_site, first_part, read_page, remove_page, remove_site
from .settings import read_site
from .views import bp

FEATURE = Feature(
    name="site",
    converters={"page": PageConverter},
    blueprints=(bp,),
    fallback=("site.show",),
    content_kinds=(
        ContentKind(
            name="site",
            pattern=re.compile(r"site\.toml"),
            prepare=read_site,
            apply=apply_site,
            remove=remove_site,
        ),
        ContentKind(
            name="page",
            pattern=re.compile(r"pages/.+\.md"),
            prepare=read_page,
            apply=apply_page,
            remove=remove_page,
            claim=first_part,
        ),
    ),
    jobs=(
        Job(
            name="content.sync",
            # With the worker's own rhythm added, within a minute and within two seconds.
            every=timedelta(seconds=45),
            every_in_development=timedelta(seconds=0.5),
            run=sync,
        ),
    ),
    content_parts={"site": current_site},
    sitemap=(page_locations,),
    search=(SearchSource(name=SOURCE, fingerprints=page_fingerprints, documents=page_documents),),
)
