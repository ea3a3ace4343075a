"""`reelscribe up`: nats-server and the four processes on this machine, for as long as this one runs."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from reelscribe.cli import options
from reelscribe.cli.ending import OK, BusMissing, prepared, told
from reelscribe.cli.family import ChildDied, Family
from reelscribe.cli.ports import Address, address_of, is_taken, nats_address, nats_info
from services.common.errors import BusUnavailable, InvalidSetting

if TYPE_CHECKING:
    from services.common.settings import Settings
