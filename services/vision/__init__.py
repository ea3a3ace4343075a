"""The vision service: its analyzers, in the order of the report."""

from __future__ import annotations

from services.common.analyzer import Analyzer
from services.vision.analyzers.age_estimation import AgeEstimation
from services.vision.analyzers.background_segmentation import BackgroundSegmentation
from services.vision.analyzers.body_pose import BodyPose
from services.vision.analyzers.camera_analysis import CameraAnalysis
from services.vision.analyzers.color_analysis import ColorAnalysis
from services.vision.analyzers.composition_analysis import CompositionAnalysis
from services.vision.analyzers.content_quality import ContentQuality
from services.vision.analyzers.cut_analysis import CutAnalysis
from services.vision.analyzers.eye_tracking import EyeTracking
from services.vision.analyzers.face_emotion import FaceEmotion
from services.vision.analyzers.object_detection import ObjectDetection
from services.vision.analyzers.product_detection import ProductDetection
from services.vision.analyzers.scene_segmentation import SceneSegmentation
from services.vision.analyzers.text_overlay import TextOverlay
from services.vision.analyzers.visual_effects import VisualEffects

ANALYZERS: tuple[type[Analyzer], ...] = (
    CutAnalysis,
    SceneSegmentation,
    CameraAnalysis,
    VisualEffects,
    ObjectDetection,
    ProductDetection,
    BodyPose,
    EyeTracking,
    AgeEstimation,
    FaceEmotion,
    TextOverlay,
    BackgroundSegmentation,
    CompositionAnalysis,
    ColorAnalysis,
    ContentQuality,
)
