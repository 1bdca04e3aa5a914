from pathlib import Path

from posting import outgoing

from aftercare.domain.outcomes import Accepted, Blame, Transient
from aftercare.mail.senders.folder import FolderSender


def test_each_message_becomes_one_file_with_its_very_bytes_however_often_it_is_sent(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path / "out")
    for _ in range(2):
        assert list(sender.send([outgoing(0), outgoing(1)])) == [
            ("m0", Accepted("folder")),
            ("m1", Accepted("folder")),
        ]
    assert len(list((tmp_path / "out").iterdir())) == 2
    assert sender.path_of("m1").read_bytes() == outgoing(1).content


def test_a_key_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    assert FolderSender(tmp_path).path_of("../../etc/enr:1/x").parent == tmp_path


def test_a_folder_that_cannot_be_written_is_an_outcome_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    sender = FolderSender(tmp_path / "file")
    assert list(sender.send([outgoing(0)])) == [("m0", Transient("folder_not_writable", Blame.SENDER))]
