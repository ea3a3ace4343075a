"""Which of COCO's classes are things that a viewer could buy, and in which part of a shop they would stand."""

from __future__ import annotations

CATEGORIES = {
    "accessory": ("backpack", "umbrella", "handbag", "tie", "suitcase"),
    "appliance": ("microwave", "oven", "toaster", "refrigerator", "hair_drier"),
    "electronics": ("tv", "laptop", "mouse", "remote", "keyboard", "cell_phone"),
    "food": (
        "banana",
        "apple",
        "sandwich",
        "orange",
        "broccoli",
        "carrot",
        "hot_dog",
        "pizza",
        "donut",
        "cake",
    ),
    "furniture": ("chair", "couch", "bed", "dining_table"),
    "household": ("potted_plant", "clock", "vase", "scissors", "toothbrush", "book", "teddy_bear"),
    "kitchenware": ("bottle", "wine_glass", "cup", "fork", "knife", "spoon", "bowl"),
    "sports": (
        "frisbee",
        "skis",
        "snowboard",
        "sports_ball",
        "kite",
        "baseball_bat",
        "baseball_glove",
        "skateboard",
        "surfboard",
        "tennis_racket",
    ),
    "vehicle": ("bicycle", "car", "motorcycle", "boat"),
}
"""Category -> classes. Left out: persons, animals, what stands in a street, what only companies buy (bus, train,
airplane, truck), and sanitary fittings."""

CATEGORY_OF = {name: category for category, names in CATEGORIES.items() for name in names}
