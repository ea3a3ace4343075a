from gateway.decode.damage import DamageLog


def test_each_kind_is_said_once_with_its_count_and_first_place():
    log = DamageLog()
    log.note("truncated", "The file ends early.")
    for at_s in (2.5, 3.0):
        log.count("packet_corrupt", "Packets that are corrupt", at_s)
    log.note("truncated", "Said again.")
    assert [(each.reason, each.message) for each in log.damages()] == [
        ("truncated", "The file ends early."),
        ("packet_corrupt", "Packets that are corrupt: 2, the first at about 2.50 s."),
    ]


def test_a_place_that_is_not_known_is_not_said():
    log = DamageLog()
    log.count("packet_corrupt", "Packets that are corrupt", None)
    assert log.damages()[0].message == "Packets that are corrupt: 1."


def test_a_sound_file_has_none():
    assert DamageLog().damages() == ()
    assert repr(DamageLog()) == "DamageLog(nothing)"
