"""What the file's own sound tells of how it was recorded: clipping, and the image of two channels."""

from __future__ import annotations

from reelscribe.v1.sound_pb2 import Clipping, StereoImage
from services.audio.recording.clipping import CEILING_DBFS, ClippingCount
from services.audio.recording.stereo import StereoSums
from services.common.window import SampleBatch


class Recording:
    """Counts over the samples from `own_start_s` on: those before are the part before's."""

    def __init__(self, own_start_s: float, channel_count: int) -> None:
        self.start_s = self.end_s = own_start_s
        """What was counted."""
        self._clipping = ClippingCount(channel_count)
        self._stereo = StereoSums() if channel_count == 2 else None

    def push(self, batch: SampleBatch) -> None:
        """Take the next window's."""
        own = batch.samples[max(0, round((self.start_s - batch.start_s) * batch.sample_rate_hz)) :]
        self.end_s = max(self.end_s, batch.start_s + len(batch) / batch.sample_rate_hz)
        self._clipping.push(own)
        if self._stereo is not None:
            self._stereo.push(own)

    def clipping(self) -> Clipping | None:
        """None where nothing is clipped. No more may be pushed after."""
        clips = self._clipping
        clips.finish()
        if not clips.run_count:
            return None
        return Clipping(
            run_count=clips.run_count,
            sample_count=clips.sample_count,
            share=clips.sample_count / clips.total_count,
            ceiling_dbfs=CEILING_DBFS,
        )

    def stereo(self) -> StereoImage | None:
        """None where there are not two channels, or nothing in them."""
        sums = self._stereo
        if sums is None or sums.silent:
            return None
        return StereoImage(correlation=sums.correlation, side_share=sums.side_share, balance_db=sums.balance_db)
