"""The WSGI entry: `app` for Flask's command line, `application` for every server."""

from app import create_app
from app.core.config import Config, ConfigError

try:
    app = application = create_app(Config.from_env())
except ConfigError as problem:
    raise SystemExit(f"clientflow: {problem}") from None
