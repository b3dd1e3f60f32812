"""Clientflow: a company site and its blogs, with privacy as running mechanisms."""

from pathlib import Path

from flask import Flask

from app.core import commands
from app.core.config import Config
from app.core.database import init_database
from app.core.egress import check_ways_out
from app.core.logs import init_logs
from app.core.registry import Registry
from app.core.web import init_web
from app.core.web.access import check_labels
from app.features import FEATURES


def create_app(config: Config) -> Flask:
    """A ready application. It connects to the database when first asked, not before."""
    app = Flask(
        __name__,
        static_folder=None,
        template_folder=str(Path(__file__).parent.parent / "templates"),
        instance_path=str(config.INSTANCE.resolve()),
    )
    app.config.from_object(config)
    app.config["hosts"] = config.hosts
    check_ways_out(app.config)
    init_logs(config.LOG_LEVEL)
    init_database(app)
    Registry(FEATURES).install(app)
    init_web(app)
    for group in commands.GROUPS:
        app.cli.add_command(group)
    check_labels(app)
    return app
